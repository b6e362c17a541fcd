"""What is due, one after the other, a transaction each: who works with one waits for no other."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from psycopg import AsyncConnection


async def in_turn(
    conn: AsyncConnection[Any],
    *,
    claim: Callable[[], Awaitable[int | None]],
    work: Callable[[int], Awaitable[object]],
    postpone: Callable[[int], Awaitable[object]],
    at_most: int,
    logger: logging.Logger,
    failed: str,
) -> int:
    """Do what is due; return how many were looked at.

    One that cannot be done stops none of the others, nor is it tried without end.

    Args:
        conn: on which the rest works.
        claim: returns the number of what is due first, locked; None: nothing is.
        work: does it, and undoes all of it where it fails.
        postpone: puts off one that failed.
        at_most: how many.
        logger: of the caller.
        failed: what is logged of one that failed, with %d for its number.

    Raises:
        psycopg.OperationalError: the database itself is away.
    """
    for done in range(at_most):
        async with conn.transaction():
            number = await claim()
            if number is None:
                return done
            try:
                async with conn.transaction():
                    await work(number)
            except psycopg.OperationalError:
                raise
            except Exception:
                # Whatever is in one log: the others' terms run on.
                logger.exception(failed, number)
                await postpone(number)
    return at_most
