"""vanban train: what reviewers said of documents in, what the engine learns from it, if it helps, out."""

import argparse

from pipeline.commands.arguments import Commands, documents, results
from pipeline.console import say
from pipeline.errors import Exit, InputError
from pipeline.paths import LESSONS


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "train",
        help="learn from what reviewers said",
        description="Learn from reviewed documents how this archive's scans are misread and which words they hold."
        " It is tried first on what it was not learned from; only if it helps, it is written to"
        f" {LESSONS}, and every extract from then on uses it.",
        allow_abbrev=False,
    )
    documents(parser)
    parser.add_argument("--from-corrections", action="store_true", required=True, help="the one source there is")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from pipeline.export import write_files
    from pipeline.learn import LEAST_PLACES, lessons, reviewed, trial
    from pipeline.reader import Document, read_all
    from pipeline.restore.lessons import lessons_text
    from pipeline.run import load

    found, failed = list[Document](), False
    for path, _, document in read_all(results(options.paths), Document):
        if isinstance(document, InputError):
            failed = True
            say(f"{path}: failed: {document}")
        else:
            found.append(document)
    material = reviewed(found)
    places = sum(len(document.places) for document in material)
    say(f"vanban: {places} reviewed place(s) to learn from in {len(material)} document(s).")
    if places < LEAST_PLACES:
        say(f"vanban: nothing learned; fewer than {LEAST_PLACES} tell nothing.")
        return Exit.SOME_FAILED if failed else Exit.OK
    tried = trial(material, load())
    say(
        f"vanban: reviewed places right, each tried with what others teach: {tried.before} before, {tried.after} after,"
        f" of {tried.places}",
        f"vanban: sure readings that nobody reviewed: {tried.sure[1]} of {tried.sure[0]} changed",
        f"vanban: clean text, tokens changed: {tried.clean[1]} before, {tried.clean[2]} after, of {tried.clean[0]}",
    )
    if tried.helped:
        taught = lessons(material)
        write_files({LESSONS: lessons_text(taught).encode()})
        say(f"vanban: it helps: {len(taught)} lesson(s) in {LESSONS}. The next vanban extract uses them.")
    else:
        say("vanban: it does not help; nothing is changed.")
    return Exit.SOME_FAILED if failed else Exit.OK
