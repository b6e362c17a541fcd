"""Secrets in the database, sealed with keys that are not in it."""

from pathlib import Path

import pytest

from diagnostics.sealing import Keyring, UnreadableSecretError, keyring, new_key


def test_sealed_with_the_first_key_and_opened_with_any() -> None:
    old, new = new_key(), new_key()
    sealed = Keyring([old]).seal("whsec_geheim")
    assert "geheim" not in sealed
    both = Keyring([new, old])
    assert both.open(sealed) == "whsec_geheim"
    again = both.seal(both.open(sealed))
    assert Keyring([new]).open(again) == "whsec_geheim"
    for lacks in (Keyring([new]), Keyring()):
        with pytest.raises(UnreadableSecretError):
            lacks.open(sealed)


def test_what_is_in_the_clear_from_before_is_opened_as_it_is() -> None:
    assert Keyring([new_key()]).open("JBSWY3DP") == "JBSWY3DP"
    assert Keyring().seal("JBSWY3DP") == "JBSWY3DP"


@pytest.mark.parametrize("content", ["", "not a key", None])
def test_a_file_without_keys_is_refused_without_telling_what_is_in_it(
    tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "keys"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ValueError, match="LIFTWACHT_SECRET_KEYS") as error:
        keyring(file)
    assert "not a key" not in str(error.value)
