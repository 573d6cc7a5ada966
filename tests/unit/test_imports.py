"""No file imports another that imports it, be it through others, in a function or for types alone."""

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest


def follow(graph: grimp.ImportGraph) -> None:
    """Put the files in an order in which each stands after those it imports; CycleError if there is none."""
    TopologicalSorter(
        {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    ).prepare()


def test_no_import_runs_in_a_circle():
    graph = grimp.build_graph("sim", exclude_type_checking_imports=False, cache_dir=None)
    assert len(graph.modules) > 100
    follow(graph)


def test_a_circle_is_found():
    graph = grimp.ImportGraph()
    for importer, imported in (("a", "b"), ("b", "c"), ("d", "a")):
        graph.add_import(importer=importer, imported=imported)
    follow(graph)
    graph.add_import(importer="c", imported="a")
    with pytest.raises(CycleError):
        follow(graph)
