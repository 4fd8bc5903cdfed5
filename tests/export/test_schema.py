"""The contract: its published schema, its names, its closedness for the writer."""

import json
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

from pipeline.export import schema, schema_json

PUBLISHED = Path(__file__).parents[2] / "schema" / "vanban.document-1.schema.json"


def test_the_published_schema_is_current() -> None:
    assert PUBLISHED.read_bytes() == schema_json(), "make it anew: vanban schema > schema/..."


def test_top_level_in_the_order_of_the_contract() -> None:
    assert " ".join(schema.Document.model_fields) == (
        "schema_name schema_version generator status errors warnings source text metadata attachments nodes"
        " tables tasks targets citations corrections coverage events"
    )


def test_every_object_says_what_it_is_and_lets_later_versions_add_fields() -> None:
    published = json.loads(PUBLISHED.read_bytes())
    for name, definition in {**published["$defs"], "Document": published}.items():
        assert definition["description"], name
        assert definition.get("additionalProperties", True), name
        assert set(definition["required"]) == set(definition["properties"]), name


def test_the_writer_may_not_add_fields() -> None:
    with pytest.raises(ValidationError):
        schema.Agency.model_validate({"raw": "x", "agency_id": None, "name": None, "score": 1, "span": (0, 1), "y": 1})


def test_confidences_are_probabilities_of_four_digits() -> None:
    value = {"value": "x", "raw": "x", "span": (0, 1), "page": 1}
    assert schema.Value.model_validate(value | {"confidence": 0.123456}).confidence == 0.1235
    with pytest.raises(ValidationError):
        schema.Value.model_validate(value | {"confidence": 1.1})


def test_kinds_are_unaccented_names() -> None:
    kinds = get_args(schema.Kind)
    assert {"phan", "chuong", "muc", "dieu", "khoan", "diem", "gach_dau_dong", "doan", "phu_luc"} <= set(kinds)
    assert all(kind.isascii() and kind.islower() for kind in kinds)
