//! The elements that a body is written with.
//!
//! Deliberately absent: how they may stand in one another; that is the writer's.

/// An element that holds paragraphs, or is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    Paragraph,
    Code,
    Quote,
    Bullets,
    Numbers,
    Item,
}

/// An element within a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inline {
    Strong,
    Emphasis,
    Bold,
    Italic,
    Code,
    Link,
}

/// Any of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Block(Block),
    Inline(Inline),
}

impl Block {
    /// What a tag of this name means here.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "p" => Self::Paragraph,
            "pre" => Self::Code,
            "blockquote" => Self::Quote,
            "ul" | "menu" => Self::Bullets,
            "ol" => Self::Numbers,
            "li" => Self::Item,
            _ => return None,
        })
    }

    /// Holds items alone.
    pub(super) fn is_list(self) -> bool {
        matches!(self, Self::Bullets | Self::Numbers)
    }
}

impl Inline {
    /// What a tag of this name means here.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "strong" => Self::Strong,
            "em" => Self::Emphasis,
            "b" => Self::Bold,
            "i" => Self::Italic,
            "code" => Self::Code,
            "a" => Self::Link,
            _ => return None,
        })
    }
}

impl Kind {
    /// Its tag.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Block(Block::Paragraph) => "p",
            Self::Block(Block::Code) => "pre",
            Self::Block(Block::Quote) => "blockquote",
            Self::Block(Block::Bullets) => "ul",
            Self::Block(Block::Numbers) => "ol",
            Self::Block(Block::Item) => "li",
            Self::Inline(Inline::Strong) => "strong",
            Self::Inline(Inline::Emphasis) => "em",
            Self::Inline(Inline::Bold) => "b",
            Self::Inline(Inline::Italic) => "i",
            Self::Inline(Inline::Code) => "code",
            Self::Inline(Inline::Link) => "a",
        }
    }
}
