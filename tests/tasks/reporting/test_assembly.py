"""The draft of the consolidated report: by section of the plan, then by unit, each line noted."""

from __future__ import annotations

from tasks.reporting.assembly import Draft, ItemName, Sourced, UnitText, by_section, by_unit

ITEMS = (
    ItemName(1, "I.1", "Tập huấn cán bộ một cửa", "I. Con người"),
    ItemName(2, "II.1", "Rà soát thủ tục", "II. Thủ tục"),
)
FIRST = (
    "Nói chung tốt.\nI.1. Tập huấn cán bộ một cửa\n- Đã mở 3 lớp.\nRà soát thủ tục:\n- Xong [1]."
)


def test_results_stand_by_section_of_the_plan_then_by_unit() -> None:
    draft = Draft()
    texts = [UnitText(10, "Sở A", FIRST), UnitText(20, "Sở B", "II.1 Rà soát thủ tục\nĐang làm.")]
    by_section(draft, texts, ITEMS, "Chung")
    assert draft.text.splitlines() == [
        "Chung",
        "Sở A",
        "Nói chung tốt. [1]",
        "",
        "I. Con người",
        "Sở A",
        "I.1. Tập huấn cán bộ một cửa [2]",
        "- Đã mở 3 lớp. [3]",
        "",
        "II. Thủ tục",
        "Sở A",
        "Rà soát thủ tục: [4]",
        "- Xong (1). [5]",
        "Sở B",
        "II.1 Rà soát thủ tục [6]",
        "Đang làm. [7]",
    ]
    assert draft.notes[4] == Sourced(5, 10, 2, "- Xong [1].")


def test_number_of_another_list_is_no_item() -> None:
    draft = Draft()
    items = (ItemName(1, "1", "Trồng cây", "A"), ItemName(2, "2", "Tưới cây", "B"))
    by_section(draft, [UnitText(10, "Sở A", "1. Kết quả chung")], items, "Chung")
    assert draft.text.splitlines()[0] == "Chung"


def test_other_sections_stand_by_unit_and_silence_leaves_no_heading() -> None:
    draft = Draft(last=7)
    by_unit(draft, [UnitText(10, "Sở A", " \n"), UnitText(20, "Sở B", "Thiếu vốn.")])
    assert draft.text == "Sở B\nThiếu vốn. [8]"
