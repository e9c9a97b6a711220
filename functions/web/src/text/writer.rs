//! Writes a little HTML that is closed in order, whatever is asked of it.
//!
//! Deliberately absent: reading. An element is written when text comes into it, so that none is empty; white space is
//! written before what it parts, so that none begins or ends a line; nothing is nested deep.

use super::{
    elements::{Block, Inline, Kind},
    letters::Letters,
};

/// Letters that are shown of a body. White space does not count.
const MAX_LETTERS: usize = 4000;
/// Bytes that are written: many links weigh more than their text.
const MAX_HTML: usize = 48 * 1024;
/// Lists and quotes are opened within so many elements; items, paragraphs and emphasis come on top.
const MAX_DEPTH: usize = 10;

/// What was written.
#[derive(Debug, Default)]
pub(super) struct Shaped {
    /// Well-formed HTML.
    pub(super) html: String,
    /// True when there was more.
    pub(super) cut: bool,
}

/// What stands between the last letter and the next, if one comes; the later stands for the earlier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    /// To the next cell of a table.
    Cell,
    Line,
    Lines,
}

#[derive(Debug)]
struct Element {
    kind: Kind,
    attribute: Option<(&'static str, String)>,
    written: bool,
}

#[derive(Debug, Default)]
pub(super) struct Writer {
    html: String,
    open: Vec<Element>,
    gap: Gap,
    /// An element has just ended that stands by itself, so that what follows begins a line.
    begins: bool,
    /// White space as it came, in a block of code.
    blank: String,
    letters: Letters,
    shown: usize,
    cut: bool,
}

impl Writer {
    /// Text, as it is meant: nothing in it is markup.
    pub(super) fn text(&mut self, text: &str) {
        for character in text.chars() {
            if !character.is_whitespace() {
                self.letter(character);
            } else if self.block() == Some(Block::Code) {
                self.blank.push(if character == '\n' { '\n' } else { ' ' });
            } else {
                self.part(Gap::Space);
            }
        }
    }

    /// A line break; two of them are a blank line.
    pub(super) fn line_break(&mut self) {
        self.part(if self.gap >= Gap::Line { Gap::Lines } else { Gap::Line });
    }

    /// The next text begins a line.
    pub(super) fn line_break_once(&mut self) {
        self.part(Gap::Line);
    }

    /// The next text is another cell of a table.
    pub(super) fn cell(&mut self) {
        self.part(Gap::Cell);
    }

    /// The next text begins a paragraph; within an item or code, a line.
    pub(super) fn boundary(&mut self) {
        if self.block() == Some(Block::Paragraph) {
            self.end_block(Block::Paragraph);
        } else {
            self.part(Gap::Line);
        }
    }

    pub(super) fn start_heading(&mut self) {
        self.start_block(Block::Paragraph);
        self.start_inline(Inline::Strong);
    }

    pub(super) fn start_block(&mut self, block: Block) {
        self.start(block, None);
    }

    /// A numbered list that begins with this number.
    pub(super) fn start_numbers(&mut self, first: u32) {
        self.start(Block::Numbers, (first != 1).then(|| ("start", first.to_string())));
    }

    fn start(&mut self, block: Block, attribute: Option<(&'static str, String)>) {
        if matches!(self.block(), Some(Block::Paragraph | Block::Code)) {
            self.close_block();
        } else {
            self.close_inlines();
        }
        if block == Block::Item {
            match self.innermost(|open| open.is_list() || open == Block::Quote) {
                Some(at) if self.open[at].kind != Kind::Block(Block::Quote) => self.close_to(at + 1),
                _ if self.open.len() < MAX_DEPTH => self.push(Kind::Block(Block::Bullets), None),
                _ => return self.boundary(),
            }
        } else if self.block().is_some_and(Block::is_list) {
            self.push(Kind::Block(Block::Item), None);
        }
        if self.open.len() >= MAX_DEPTH && (block.is_list() || block == Block::Quote) {
            return self.boundary();
        }
        self.push(Kind::Block(block), attribute);
    }

    pub(super) fn end_block(&mut self, block: Block) {
        // An item ends no list but its own.
        let found = self.innermost(|open| open == block || (block == Block::Item && open.is_list()));
        if let Some(at) = found.filter(|at| self.open[*at].kind == Kind::Block(block)) {
            self.close_to(at);
        }
    }

    pub(super) fn start_inline(&mut self, inline: Inline) {
        self.push_inline(inline, None);
    }

    /// A link to an address in ASCII.
    pub(super) fn start_link(&mut self, address: &str) {
        self.push_inline(Inline::Link, Some(("href", address.to_owned())));
    }

    pub(super) fn end_inline(&mut self, inline: Inline) {
        let inlines = self.open.iter().rposition(|open| matches!(open.kind, Kind::Block(_))).map_or(0, |at| at + 1);
        let found = self.open[inlines..].iter().rposition(|open| open.kind == Kind::Inline(inline));
        if let Some(at) = found {
            self.close_to(inlines + at);
        }
    }

    pub(super) fn finish(mut self) -> Shaped {
        self.close_to(0);
        Shaped { html: self.html, cut: self.cut }
    }

    fn push_inline(&mut self, inline: Inline, attribute: Option<(&'static str, String)>) {
        let twice = self.open.iter().any(|open| open.kind == Kind::Inline(inline));
        if !twice {
            self.ensure_paragraph();
            self.push(Kind::Inline(inline), attribute);
        }
    }

    fn push(&mut self, kind: Kind, attribute: Option<(&'static str, String)>) {
        self.open.push(Element { kind, attribute, written: false });
    }

    /// The innermost block.
    fn block(&self) -> Option<Block> {
        self.open.iter().rev().find_map(|open| match open.kind {
            Kind::Block(block) => Some(block),
            Kind::Inline(_) => None,
        })
    }

    fn innermost(&self, is: impl Fn(Block) -> bool) -> Option<usize> {
        self.open.iter().rposition(|open| matches!(open.kind, Kind::Block(block) if is(block)))
    }

    fn close_inlines(&mut self) {
        let inlines = self.open.iter().rposition(|open| matches!(open.kind, Kind::Block(_))).map_or(0, |at| at + 1);
        self.close_to(inlines);
    }

    fn close_block(&mut self) {
        if let Some(at) = self.innermost(|_| true) {
            self.close_to(at);
        }
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(element) = self.open.pop() else { return };
            if element.written {
                self.html.extend(["</", element.kind.name(), ">"]);
            }
            if matches!(element.kind, Kind::Block(_)) {
                // One that was not written still parts what is before it from what comes.
                self.gap = if element.written { Gap::None } else { self.gap.max(Gap::Line) };
                self.begins |= element.written;
                self.blank.clear();
            }
        }
    }

    /// Text stands in a paragraph, an item or code.
    fn ensure_paragraph(&mut self) {
        match self.block() {
            None | Some(Block::Quote) => self.push(Kind::Block(Block::Paragraph), None),
            Some(Block::Bullets | Block::Numbers) => self.push(Kind::Block(Block::Item), None),
            Some(Block::Paragraph | Block::Code | Block::Item) => {}
        }
    }

    fn part(&mut self, gap: Gap) {
        if self.block() == Some(Block::Code) {
            self.blank.push(if gap >= Gap::Line { '\n' } else { ' ' });
        } else {
            self.gap = self.gap.max(gap);
        }
    }

    fn letter(&mut self, character: char) {
        let opens = |open: &Element| matches!(open.kind, Kind::Block(_)) && !open.written;
        let begins = self.begins || self.open.iter().any(opens);
        if begins || self.gap != Gap::None || !self.blank.is_empty() {
            self.letters.restart();
        }
        if !self.letters.admit(character) {
            return;
        }
        if self.shown >= MAX_LETTERS || self.html.len() > MAX_HTML {
            self.cut = true;
            return;
        }
        self.shown += 1;
        self.ensure_paragraph();
        self.write_gap(begins);
        match character {
            '&' => self.html.push_str("&amp;"),
            '<' => self.html.push_str("&lt;"),
            '>' => self.html.push_str("&gt;"),
            _ => self.html.push(character),
        }
    }

    fn write_gap(&mut self, begins: bool) {
        let begins = begins || self.html.is_empty();
        if self.block() == Some(Block::Code) {
            self.write_tags();
            // A parser drops a line break that code begins with.
            let from = if begins { self.blank.rfind('\n').map_or(0, |at| at + 1) } else { 0 };
            self.html.push_str(&self.blank[from..]);
        } else {
            if !begins {
                self.html.push_str(match self.gap {
                    Gap::None => "",
                    Gap::Space => " ",
                    Gap::Cell => " · ",
                    Gap::Line => "<br>",
                    Gap::Lines => "<br><br>",
                });
            }
            self.write_tags();
        }
        self.gap = Gap::None;
        self.begins = false;
        self.blank.clear();
    }

    fn write_tags(&mut self) {
        for element in self.open.iter_mut().filter(|element| !element.written) {
            element.written = true;
            self.html.extend(["<", element.kind.name()]);
            if let Some((name, value)) = &element.attribute {
                self.html.extend([" ", name, "=\""]);
                html_escape::encode_double_quoted_attribute_to_string(value, &mut self.html);
                self.html.push('"');
            }
            self.html.push('>');
        }
    }
}
