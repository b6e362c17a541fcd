from functools import cache

import pytest

from diagnostics.detectors.catalogue import CATALOGUE
from diagnostics.detectors.contract import Ask
from gateway.protocol.codec import Encoding, decode, encode
from gateway.protocol.topics import Kind
from gateway.protocol.vocabulary import AidKind
from simulator.years import BEHAVIOURS, At, Behaviour, Split, YearsAid, behaviours_for, draw
from simulator.years.profiles import PROFILES, profiles_of

DAYS = 150
FIRST = 60
ALL = sorted(BEHAVIOURS.values(), key=lambda one: one.name)
# Between a verdict and the next there may be none: some of the rest would be too few.
HELD_OUT = [one for one in ALL if one.split is Split.TEST]


def profile_for(behaviour: Behaviour) -> str:
    """Return a controller that shows it."""
    return next(
        name
        for name, profile in PROFILES.items()
        if profile.kind in behaviour.kinds and behaviour.visible(profile)
    )


@pytest.mark.parametrize(
    "word", [word for word, entry in CATALOGUE.items() if entry.asks is not Ask.EMERGENCY]
)
def test_every_finding_has_variants_to_train_with_and_others_to_test_with(word: str) -> None:
    variants = [one for one in ALL if one.finding == word]
    assert sum(one.split is Split.TRAIN for one in variants) >= 2
    if HELD_OUT:
        assert sum(one.split is Split.TEST for one in variants) >= 2


def test_look_alikes_are_kept_apart_too() -> None:
    fine = [one for one in ALL if not one.finding]
    assert sum(one.split is Split.TRAIN for one in fine) >= 8
    if HELD_OUT:
        assert sum(one.split is Split.TEST for one in fine) >= 33
    assert all(one.forbidden for one in fine)


def test_none_is_another_under_a_new_name() -> None:
    assert len({one.text for one in ALL}) == len(ALL)
    assert len({one.act for one in ALL}) == len(ALL)


@pytest.mark.parametrize("kind", AidKind)
def test_what_is_held_out_is_had_by_every_kind_of_aid(kind: AidKind) -> None:
    had = {one.finding for one in behaviours_for(kind)}
    known = behaviours_for(kind, split=Split.TEST)
    assert not HELD_OUT or {one.finding for one in known} == had


@pytest.mark.parametrize("behaviour", ALL, ids=lambda one: str(one.name))
def test_words_are_of_the_catalogue_and_do_not_contradict(behaviour: Behaviour) -> None:
    words = {*behaviour.forbidden, *behaviour.allowed}
    assert words <= CATALOGUE.keys()
    assert not set(behaviour.forbidden) & {*behaviour.allowed, behaviour.finding}
    assert behaviour.finding in {"", behaviour.name.partition("/")[0]}
    assert behaviour.text
    assert any(
        behaviour.visible(profile) for kind in behaviour.kinds for profile in profiles_of(kind)
    )


def lived(profile: str, *moments: At) -> YearsAid:
    return draw(1, days=DAYS, seed=4, profile=profile, moments={1: list(moments)}).aid(1)


@cache
def undisturbed(profile: str) -> YearsAid:
    return lived(profile)


@pytest.mark.parametrize("behaviour", ALL, ids=lambda one: str(one.name))
def test_it_changes_what_an_aid_says_and_that_can_stand_on_the_wire(behaviour: Behaviour) -> None:
    profile = profile_for(behaviour)
    aid = lived(profile, At(behaviour=behaviour.name, first=FIRST))
    assert (aid.said(), aid.register) != (
        undisturbed(profile).said(),
        undisturbed(profile).register,
    )
    episodes = [one for one in aid.truth if one.behaviour == behaviour.name]
    assert len(episodes) == 1 or aid.spells[0].skipped
    seqs = []
    for number, said in enumerate(aid.said()):
        if number % 5 == 0:  # they are many, and alike
            assert decode(said.kind, encode(said.message, Encoding.JSON)) == said.message
        if said.kind is not Kind.PRESENCE:
            seqs.append(said.message.seq)  # type: ignore[union-attr]
    assert len(seqs) == len(set(seqs))


def test_a_behaviour_leaves_what_was_before_it_alone() -> None:
    def rides_before(*moments: At) -> list[tuple[int, float]]:
        fleet = draw(1, days=DAYS, seed=5, profile="duo", moments={1: list(moments)})
        life = fleet.aid(1).life
        early = life.rides.at_ms < life.calendar.midnight_ms[FIRST]
        loads = life.rides.load_kg[early].tolist()
        return list(zip(life.rides.at_ms[early].tolist(), loads, strict=True))

    worn = rides_before(At(behaviour="battery_worn/slow_fade", first=FIRST))
    assert worn == rides_before()


def test_what_is_kept_for_the_test_is_in_a_folder_of_its_own() -> None:
    apart = {one.name for one in ALL if ".held_out." in one.act.__module__}
    assert apart == {one.name for one in HELD_OUT}


def test_behaviours_are_found_by_kind_split_and_finding() -> None:
    found = [one.name for one in behaviours_for(AidKind.SCOOTER, split=Split.TRAIN, finding="lost")]
    assert found == sorted(found)
    assert {"lost/sold", "lost/stolen", "lost/stripped_at_home"} <= {*found}
    assert all(name.startswith("lost/") for name in found)
    on_rails = behaviours_for(AidKind.STAIRLIFT, split=Split.TRAIN, finding="lost")
    assert "lost/sold" not in {one.name for one in on_rails}


@pytest.mark.parametrize("days", [1, 4])
def test_a_life_may_be_as_short_as_it_likes(days: int) -> None:
    """Too short, at times, for what a behaviour is about: then nothing comes of it."""
    for behaviour in ALL:
        moments = {1: [At(behaviour=behaviour.name, first=0)]}
        profile = profile_for(behaviour)
        (aid,) = draw(1, days=days, moments=moments, profile=profile, troubled=0.0, look_alikes=0.0)
        received = [one.received_ms for one in aid.said()]
        assert received == sorted(received), behaviour.name
