"""A small world for letters: who is a member, what is on sale, what is open."""

from __future__ import annotations

from typing import Any

WORLD: dict[str, Any] = {
    "platform_address": "plateforme@supracom.example",
    "central_address": "smart@centrale.example",
    "members": [
        {"institution": "Commune de Tellin", "users": ["p.noel@tellin.example"]},
        {"institution": "Commune de Gouvy", "users": ["sabine.collard@gouvy.example"]},
        {"institution": "CPAS de Gouvy", "users": ["secretariat@cpas-gouvy.example"]},
        {"institution": "Commune de Étalle", "users": ["jean.simon@etalle.example"]},
        {"institution": "Commune de Attert", "users": ["accueil@attert.example"]},
        {"institution": "Zone de police Gaume", "users": ["logistique@zpgaume.example"]},
        {"institution": "CPAS de Arlon", "users": ["marie.lambert@cpas-arlon.example"]},
    ],
    "central_members": ["Commune de Gouvy", "Commune de Étalle"],
    "catalogue": [
        "e-guichet",
        "gestion des salles",
        "panneau d'affichage numérique",
        "logiciel des cimetières",
    ],
    "announcements": [
        {
            "id": "12",
            "institution": "Commune de Attert",
            "contact": "accueil@attert.example",
            "kind": "demande",
            "category": "materiel",
            "start": "2026-05-04",
            "end": "2026-05-08",
        },
        {
            "id": "14",
            "institution": "CPAS de Arlon",
            "contact": "marie.lambert@cpas-arlon.example",
            "kind": "offre",
            "category": "personnel",
            "start": "2026-06-01",
            "end": "2026-06-30",
        },
    ],
    "orders": [
        {
            "id": "SMART-2026-0004",
            "institution": "Commune de Étalle",
            "received": "2026-04-20",
            "state": "awaiting_confirmation",
            "confirm_before": "2026-05-30",
            "reply_address": "smart+x4@centrale.example",
        },
        {
            "id": "SMART-2023-0002",
            "institution": "Commune de Gouvy",
            "received": "2023-03-01",
            "awarded": "2023-03-20",
            "duration_years": 4,
            "solution": "e-guichet",
        },
    ],
}
"""Dated before Tuesday 5 May 2026, the day on which the letters arrive."""
