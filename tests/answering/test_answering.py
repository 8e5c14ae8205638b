"""What the package offers."""

import subprocess
import sys

import crmgraph.sparql as answering


def test_everything_on_offer_is_there_and_sorted() -> None:
    assert all(hasattr(answering, name) for name in answering.__all__)
    assert {"Answer", "Pool", "Question", "GRAPH_FORMATS", "RESULT_FORMATS"} <= set(answering.__all__)


def test_the_side_that_asks_does_not_load_the_engine() -> None:
    program = "import sys, crmgraph.sparql; print('pyoxigraph' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=20)
    assert done.stdout.strip() == b"False"


def test_a_question_has_the_usual_wishes() -> None:
    question = answering.Question("ASK {}")
    assert question.default_graphs is question.named_graphs is None
    assert question.result_type == answering.RESULT_FORMATS[0].media_type
    assert question.graph_type == answering.GRAPH_FORMATS[0].media_type
