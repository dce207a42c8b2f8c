"""A framework as 1EdTech CASE 1.1 JSON (a CFPackage), written and read.

Identifiers are UUIDs of version 5 made of the lasting codes: the same competency has the same identifier in every
edition and on every machine. What CASE has no place for (critical, targets, our code) stands under `extensions`.
Knows no network, no file system and no clock: the moment of the last change is handed in.
"""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from courses.framework import SUBJECTS, Competency, Domain, Framework, Level

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_OID, "competency-framework")
RESPONSIBILITY, DOMAIN, COMPETENCY = "Responsibility", "Domain", "Competency"
CHILD, RELATED = "isChildOf", "isRelatedTo"


def identifier(framework: str, *parts: str) -> str:
    """Return the lasting identifier of a part of the framework with this code."""
    return str(uuid.uuid5(NAMESPACE, "/".join((framework, *parts))))


def write_case(framework: Framework, changed: datetime, creator: str = "") -> str:
    """Return the framework as a CFPackage in JSON, indented. `creator` is the framework's own title unless given."""
    return json.dumps(case_package(framework, changed, creator), ensure_ascii=False, indent=2) + "\n"


def case_package(framework: Framework, changed: datetime, creator: str = "") -> dict[str, Any]:
    """Return the framework as a CFPackage: CFDocument, CFItems, CFAssociations, CFDefinitions, CFRubrics."""
    return _Package(framework, changed, creator or framework.title).whole()


class _Package:
    """The parts of a package, all of one document and one moment."""

    def __init__(self, framework: Framework, changed: datetime, creator: str) -> None:
        self.framework, self.creator = framework, creator
        self.moment = changed.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
        self.document = self._link(framework.title)

    def whole(self) -> dict[str, Any]:
        """The package."""
        return {
            "CFDocument": self._document(),
            "CFItems": list(self._items()),
            "CFAssociations": list(self._associations()),
            "CFDefinitions": {"CFItemTypes": [self._type(kind) for kind in (RESPONSIBILITY, DOMAIN, COMPETENCY)]},
            "CFRubrics": [self._rubric()],
        }

    def _id(self, *parts: str) -> str:
        return identifier(self.framework.code, *parts)

    def _link(self, title: str, *parts: str) -> dict[str, str]:
        found = self._id(*parts)
        return {"title": title, "identifier": found, "uri": f"urn:uuid:{found}"}

    def _thing(self, *parts: str) -> dict[str, Any]:
        found = self._id(*parts)
        return {"identifier": found, "uri": f"urn:uuid:{found}", "lastChangeDateTime": self.moment}

    def _document(self) -> dict[str, Any]:
        return {
            **self._thing(),
            "creator": self.creator,
            "title": self.framework.title,
            "version": self.framework.edition,
            "adoptionStatus": "Adopted",
            "caseVersion": "1.1",
            "CFPackageURI": self._link(self.framework.title, "package"),
            "extensions": {"code": self.framework.code, "subjects": list(SUBJECTS)},
        }

    def _item(self, kind: str, code: str, title: str, **more: Any) -> dict[str, Any]:
        return {
            **self._thing(kind.lower(), code),
            "fullStatement": title,
            "humanCodingScheme": code,
            "CFItemType": kind,
            "CFItemTypeURI": self._link(kind, "type", kind),
            "CFDocumentURI": self.document,
            **more,
        }

    def _items(self) -> Iterator[dict[str, Any]]:
        for code, title in self.framework.responsibilities.items():
            yield self._item(RESPONSIBILITY, code, title)
        for domain in self.framework.domains:
            yield self._item(DOMAIN, domain.code, domain.title)
            for each in domain.competencies:
                extensions = {"critical": each.critical, "targets": {name: each.targets[name] for name in SUBJECTS}}
                yield self._item(COMPETENCY, each.code, each.title, extensions=extensions)

    def _associations(self) -> Iterator[dict[str, Any]]:
        number = 0
        for code, title in self.framework.responsibilities.items():
            number += 1
            yield self._association(CHILD, self._link(title, "responsibility", code), self.document, number)
        for domain in self.framework.domains:
            number += 1
            node = self._link(domain.title, "domain", domain.code)
            yield self._association(CHILD, node, self.document, number)
            yield from self._inside(domain, node)

    def _inside(self, domain: Domain, node: dict[str, str]) -> Iterator[dict[str, Any]]:
        for number, code in enumerate(domain.responsibilities, start=1):
            title = self.framework.responsibilities.get(code, code)
            yield self._association(RELATED, node, self._link(title, "responsibility", code), number)
        for number, each in enumerate(domain.competencies, start=1):
            yield self._association(CHILD, self._of(each), node, number)

    def _of(self, each: Competency) -> dict[str, str]:
        return self._link(each.title, "competency", each.code)

    def _association(self, kind: str, origin: dict[str, str], destination: dict[str, str], number: int) -> Any:
        return {
            **self._thing("association", kind, origin["identifier"], destination["identifier"]),
            "associationType": kind,
            "sequenceNumber": number,
            "originNodeURI": origin,
            "destinationNodeURI": destination,
            "CFDocumentURI": self.document,
        }

    def _type(self, kind: str) -> dict[str, Any]:
        return {
            **self._thing("type", kind), "title": kind, "typeCode": kind, "description": kind, "hierarchyCode": kind,
        }  # fmt: skip

    def _rubric(self) -> dict[str, Any]:
        criterion = {
            **self._thing("criterion", "level"),
            "category": "Level",
            "rubricId": self._id("rubric", "level"),
            "position": 1,
            "CFRubricCriterionLevels": [self._level(level) for level in self.framework.levels],
        }
        return {**self._thing("rubric", "level"), "title": "Levels", "CFRubricCriteria": [criterion]}

    def _level(self, level: Level) -> dict[str, Any]:
        return {
            **self._thing("level", str(level.level)),
            "rubricCriterionId": self._id("criterion", "level"),
            "quality": level.name,
            "description": level.evidence,
            "score": float(level.level),
            "position": level.level,
        }
