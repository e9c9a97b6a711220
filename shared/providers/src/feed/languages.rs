//! The words for stages in the languages that platforms offer their pages in besides English.
//!
//! Deliberately absent: inflection and sentences. A word stands as a label, in the form that a label has.

use statusphere_domain::IncidentStatus;

use super::words::Stage;

const INVESTIGATING: Stage = Stage::Incident(IncidentStatus::Investigating);
const IDENTIFIED: Stage = Stage::Incident(IncidentStatus::Identified);
const MONITORING: Stage = Stage::Incident(IncidentStatus::Monitoring);
const RESOLVED: Stage = Stage::Incident(IncidentStatus::Resolved);

/// German, French, Spanish, Portuguese, Italian, Dutch, Swedish, Japanese, as far as each has a word of its own.
const WORDS: &[(Stage, &[&str])] = &[
    (
        INVESTIGATING,
        &[
            "untersuchung",
            "in untersuchung",
            "wird untersucht",
            "investigation",
            "investigation en cours",
            "enquête en cours",
            "en cours d investigation",
            "investigando",
            "en investigación",
            "em investigação",
            "investigação",
            "indagine in corso",
            "in corso di verifica",
            "in onderzoek",
            "wordt onderzocht",
            "undersöker",
            "調査中",
        ],
    ),
    (
        IDENTIFIED,
        &[
            "identifiziert",
            "erkannt",
            "identifié",
            "identificado",
            "identificato",
            "geïdentificeerd",
            "identifierat",
            "特定",
            "特定済み",
        ],
    ),
    (
        MONITORING,
        &[
            "überwachung",
            "wird überwacht",
            "beobachtung",
            "surveillance",
            "sous surveillance",
            "en surveillance",
            "supervisando",
            "monitoreando",
            "monitorizando",
            "monitorando",
            "em monitoramento",
            "monitoraggio",
            "in monitoraggio",
            "wordt gemonitord",
            "övervakar",
            "監視中",
        ],
    ),
    (
        RESOLVED,
        &["gelöst", "behoben", "résolu", "resuelto", "resolvido", "risolto", "opgelost", "löst", "解決", "解決済み"],
    ),
    (
        Stage::Scheduled,
        &["geplant", "planifié", "programado", "planificado", "agendado", "programmato", "gepland", "planerat", "予定"],
    ),
    (
        Stage::InProgress,
        &[
            "in bearbeitung",
            "läuft",
            "en cours",
            "en curso",
            "en progreso",
            "em andamento",
            "in corso",
            "in uitvoering",
            "pågår",
            "進行中",
        ],
    ),
    (
        Stage::Over,
        &[
            "abgeschlossen",
            "beendet",
            "terminé",
            "completado",
            "concluído",
            "completato",
            "voltooid",
            "afgerond",
            "slutfört",
            "完了",
        ],
    ),
    (
        Stage::Open,
        &["aktualisierung", "mise à jour", "actualización", "atualização", "aggiornamento", "uppdatering", "更新"],
    ),
];

/// The stage of a label in lower case; `None` for any other word.
pub(super) fn stage(label: &str) -> Option<Stage> {
    WORDS.iter().find(|(_, words)| words.contains(&label)).map(|(stage, _)| *stage)
}

/// What planned work is called in titles.
pub(super) const MAINTENANCE: &[&str] = &[
    "maintenance",
    "wartung",
    "mantenimiento",
    "manutenção",
    "manutenzione",
    "onderhoud",
    "underhåll",
    "メンテナンス",
];
