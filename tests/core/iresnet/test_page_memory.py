"""What a page found out is found once, and a computation that was dropped half way goes on."""

from zoetrope.core.iresnet.page_memory import Memory


def counting(taken, upto, result):
    for i in range(upto):
        taken.append(i)
        yield i / upto
    return result


def whole(part):
    """All steps of a drawing's part, and what it returns."""
    count = 0
    while True:
        try:
            next(part)
        except StopIteration as end:
            return count, end.value
        count += 1


def test_a_result_is_found_once():
    memory, taken = Memory(), []
    assert not memory.known("map", 1)
    assert whole(memory.part("map", 1, lambda: counting(taken, 3, "found")))[1] == "found"
    assert memory.known("map", 1)
    assert whole(memory.part("map", 1, lambda: counting(taken, 3, "again"))) == (0, "found")
    assert taken == [0, 1, 2]


def test_another_key_begins_anew():
    memory, taken = Memory(), []
    whole(memory.part("map", 1, lambda: counting(taken, 2, "one")))
    assert whole(memory.part("map", 2, lambda: counting(taken, 2, "two")))[1] == "two"
    assert taken == [0, 1, 0, 1]
    assert not memory.known("map", 1)


def test_what_was_dropped_half_way_goes_on():
    memory, taken = Memory(), []
    dropped = memory.part("map", 1, lambda: counting(taken, 4, "found"))
    next(dropped)
    next(dropped)
    dropped.close()
    assert whole(memory.part("map", 1, lambda: counting(taken, 4, "anew")))[1] == "found"
    assert taken == [0, 1, 2, 3]


def test_nothing_can_be_a_result_too():
    memory = Memory()
    assert whole(memory.part("nothing", 1, lambda: counting([], 1, None)))[1] is None
    assert memory.known("nothing", 1)
