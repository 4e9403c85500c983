"""The taxonomies of the specification are catalogues, and each of their codes says whence it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telecom_rules.pack import Pack


def test_every_code_cites_a_clause(pack: Pack) -> None:
    bare = [
        f"{catalogue.name}.{code.code}"
        for catalogue in pack.catalogues.values()
        for code in catalogue.codes.values()
        if not code.cites
    ]
    assert bare == []


def test_each_clause_that_lists_values_is_carried_by_a_code(pack: Pack) -> None:
    carried = {
        str(clause)
        for catalogue in pack.catalogues.values()
        for code in catalogue.codes.values()
        for clause in code.cites
    }
    lists = [
        str(clause)
        for clause in pack.sources["spec"].clauses.values()
        if clause.target is not None and clause.target.startswith("cat.")
    ]
    assert len(lists) > 25
    assert [clause for clause in lists if clause not in carried] == []


def test_products_are_classed_on_four_axes(pack: Pack) -> None:
    axes = ("product_service", "product_user", "product_network", "product_nature")
    for number, axis in enumerate(axes, start=1):
        assert f"spec:9.1({number})" in map(str, pack.catalogues[axis].cites)


def test_the_annexed_catalogue_has_nine_basic_and_nine_value_added_services(pack: Pack) -> None:
    codes = pack.catalogues["business_service"].codes
    annex = "telecom_regulations:annex"
    services = [each for each in codes if annex in map(str, codes[each].cites)]
    assert len(services) == 18
    assert services.index("resale") == 8
    assert services[9] == "e_mail"


def test_services_that_the_specification_names_beside_the_annex_have_codes(pack: Pack) -> None:
    codes = pack.catalogues["business_service"].codes
    named = {"data_centre", "content_delivery", "short_message", "multimedia_message"}
    assert named <= {each for each in codes if "spec:3.1(1)" in map(str, codes[each].cites)}
