//! Reads HTML tag by tag, and tells the writer what it means.
//!
//! Deliberately absent: a tree. What is no tag of ours is dropped and its text stays, but for what is never text.

use std::cell::RefCell;

use html5ever::{
    Attribute, TokenizerResult,
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind,
    },
};
use url::Url;

use super::{
    SCHEMES,
    elements::{Block, Inline},
    writer::{Shaped, Writer},
};

/// A link that is longer is no link: what it hides is more than what it says.
const MAX_LINK: usize = 2048;

/// Shapes HTML into what the writer can write.
pub(super) fn read(html: &str) -> Shaped {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let options = TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() };
    let tokenizer = Tokenizer::new(Reader::default(), options);
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink.state.into_inner().writer.finish()
}

#[derive(Debug, Default)]
struct Reader {
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    writer: Writer,
    /// Inside an element whose content is no text.
    raw: bool,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::TagToken(tag) => return state.tag(&tag),
            Token::CharacterTokens(text) if !state.raw => state.writer.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let opens = tag.kind == TagKind::StartTag;
        self.raw = false;
        match &*tag.name {
            "script" | "style" | "iframe" | "noembed" | "noframes" | "xmp" => {
                self.raw = opens;
                if opens {
                    return TokenSinkResult::RawData(RawKind::Rawtext);
                }
            }
            "br" => self.writer.line_break(),
            "img" if opens => {
                if let Some(text) = attribute(&tag.attrs, "alt") {
                    self.writer.text(text);
                }
            }
            "a" if opens => self.link(tag),
            "ol" if opens => {
                let start = attribute(&tag.attrs, "start").and_then(|start| start.parse().ok());
                self.writer.start_numbers(start.unwrap_or(1));
            }
            name => self.element(name, opens),
        }
        TokenSinkResult::Continue
    }

    fn link(&mut self, tag: &Tag) {
        self.writer.end_inline(Inline::Link);
        if let Some(address) = attribute(&tag.attrs, "href").and_then(address) {
            self.writer.start_link(&address);
        }
    }

    fn element(&mut self, name: &str, opens: bool) {
        if let Some(inline) = Inline::named(name) {
            if opens { self.writer.start_inline(inline) } else { self.writer.end_inline(inline) }
        } else if let Some(block) = Block::named(name) {
            if opens { self.writer.start_block(block) } else { self.writer.end_block(block) }
        } else {
            match name {
                // Their ranks are the page's own.
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if opens => self.writer.start_heading(),
                "tr" | "option" => self.writer.line_break_once(),
                "td" | "th" => self.writer.cell(),
                _ if is_section(name) => self.writer.boundary(),
                _ => {}
            }
        }
    }
}

/// Where a link leads, in full and in ASCII; `None` when it is not one that people may follow from here.
fn address(href: &str) -> Option<String> {
    let url = (href.len() <= MAX_LINK).then(|| Url::parse(href).ok())??;
    let address = String::from(url);
    let known = SCHEMES.iter().any(|scheme| address.strip_prefix(scheme).is_some_and(|rest| rest.starts_with(':')));
    (known && address.is_ascii() && address.len() <= MAX_LINK).then_some(address)
}

fn attribute<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    attributes.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

/// Elements that begin and end a paragraph, beside those that are written.
fn is_section(name: &str) -> bool {
    const SECTIONS: &str = "address article aside body caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 \
                            h2 h3 h4 h5 h6 head header hgroup hr html legend main nav noscript optgroup search section summary table \
                            tbody tfoot thead title video audio";
    SECTIONS.split(' ').any(|section| section == name)
}

/// Whether HTML has an element of this name, in small letters. If not, what looks like its tag is text: `<your-name>`.
pub(super) fn is_element(name: &str) -> bool {
    const OTHERS: &str = "abbr acronym area base bdi bdo big br button canvas cite col colgroup data datalist del dfn embed font frame \
                          frameset iframe img input ins kbd label link map mark marquee math meta meter nobr noembed noframes object \
                          option output param picture plaintext progress q rp rt ruby s samp script select slot small source span \
                          strike style sub sup svg td template textarea th time tr track tt u var wbr xmp";
    Block::named(name).is_some()
        || Inline::named(name).is_some()
        || is_section(name)
        || OTHERS.split(' ').any(|other| other == name)
}
