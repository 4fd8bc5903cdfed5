"""A structure in; findings out: which provisions order something, of whom, by when; aims; what is referred to."""

from typing import TYPE_CHECKING

from pipeline.document import Findings, Structure

if TYPE_CHECKING:
    from spacy.language import Language


def find(structure: Structure, nlp: "Language | None" = None) -> Findings:
    """Tasks, targets and citations of the document, as the components of `nlp`, ours by default, find them."""
    from pipeline.tasks.language import annotate, load  # spaCy takes half a second to import, and not all need it

    nlp = nlp or load()
    with nlp.memory_zone():
        doc = annotate(nlp, structure)
        return Findings(
            tasks=tuple(span._.task for span in doc.spans["tasks"]),
            targets=tuple(span._.target for span in doc.spans["targets"]),
            citations=tuple(span._.citation for span in doc.spans["citations"]),
        )
