# SPDX-License-Identifier: ISC
"""Right sites, in which `sodapop check` must find nothing."""

import dataclasses
import typing


@dataclasses.dataclass
class Right:
    """`plant` makes a Planted site the one that is meant; `owner` is the uid of all mail, else each
    user has a uid."""

    name: str
    plant: typing.Callable = lambda site: None
    owner: int = None
    needs: tuple = ()


SITES = [Right("users of the system, and no launcher")]
