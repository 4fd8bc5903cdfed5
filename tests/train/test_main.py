from pathlib import Path

import pytest

from pipeline.train.__main__ import main


def test_without_training_data_it_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["train", "--shared", "nowhere"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "nowhere has no training data: name its folder with --shared" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
