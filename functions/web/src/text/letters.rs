//! Which characters of a stranger's text are shown.
//!
//! Deliberately absent: scripts and direction. Arabic and Hebrew stay as they are; what goes is what nobody sees, and what
//! turns the reading direction of text that stands beside it.

use unicode_general_category::{GeneralCategory, get_general_category};

/// Marks on one letter. Written languages pile up three or four; more of them run into the lines above and below.
const MAX_MARKS: u8 = 4;

/// Joiners that Persian, Indic scripts and composed emoji need, though they are not seen.
const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];
/// Letters and marks that are drawn as nothing.
const BLANKS: [char; 12] = [
    '\u{34f}', '\u{115f}', '\u{1160}', '\u{17b4}', '\u{17b5}', '\u{180b}', '\u{180c}', '\u{180d}', '\u{180f}',
    '\u{2800}', '\u{3164}', '\u{ffa0}',
];

/// Passes on what may be shown of a text, character by character.
#[derive(Debug, Default)]
pub(super) struct Letters {
    marks: u8,
}

impl Letters {
    /// The next letter stands by itself: nothing that came before can carry its marks.
    pub(super) fn restart(&mut self) {
        self.marks = 0;
    }

    /// Whether this character is shown. White space is the caller's matter.
    pub(super) fn admit(&mut self, character: char) -> bool {
        // Nearly all of what vendors write.
        if matches!(character, ' '..='~') {
            self.restart();
            return true;
        }
        match kind(character) {
            Kind::Unseen => false,
            Kind::Letter => {
                self.restart();
                true
            }
            Kind::Mark => {
                self.marks = self.marks.saturating_add(1);
                self.marks <= MAX_MARKS
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    /// Goes with the letter before it.
    Mark,
    Unseen,
}

fn kind(character: char) -> Kind {
    use GeneralCategory as Category;
    if JOINERS.contains(&character) {
        return Kind::Mark;
    }
    // The last two of each plane are no characters, and the variation selectors beyond the first plane are unseen.
    if BLANKS.contains(&character) || u32::from(character) & 0xfffe == 0xfffe || character >= '\u{e0000}' {
        return Kind::Unseen;
    }
    match get_general_category(character) {
        Category::NonspacingMark | Category::SpacingMark | Category::EnclosingMark => Kind::Mark,
        Category::Control | Category::Format | Category::PrivateUse | Category::Surrogate => Kind::Unseen,
        _ => Kind::Letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut letters = Letters::default();
        text.chars().filter(|character| letters.admit(*character)).collect()
    }

    #[test]
    fn what_turns_or_hides_text_goes() {
        let hostile = "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{200e}\u{200f}\u{61c}\u{200b}\
                       \u{2060}\u{2064}\u{206a}\u{feff}\u{ad}\u{0}\u{7}\u{1b}\u{7f}\u{9b}\u{34f}\u{3164}\u{fff9}\u{ffff}\u{e0041}\
                       \u{e0101}\u{e000}\u{10fffd}";
        for character in hostile.chars() {
            assert_eq!(shown(&format!("a{character}b")), "ab", "{:x}", u32::from(character));
        }
    }

    #[test]
    fn languages_and_emoji_stay() {
        let texts = [
            "العربية مُشَكَّلَة",
            "עִבְרִית",
            "می‌خواهم",
            "हिन्दी क्ष्म्य",
            "ไทยที่นี้",
            "Tiếng Việt",
            "日本語が",
            "👩‍💻 ❤️ 🇩🇪 👍🏽",
            "Zürich",
            "e\u{301}",
        ];
        for text in texts {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn a_letter_carries_four_marks() {
        let pile = "\u{301}".repeat(500);
        assert_eq!(shown(&format!("a{pile}b{pile}")), format!("a{0}b{0}", "\u{301}".repeat(4)));
        let joined = "\u{200d}".repeat(50);
        assert_eq!(shown(&format!("a{joined}\u{7}{joined}")), format!("a{}", "\u{200d}".repeat(4)));
    }
}
