//! Text that is long, deep or thrown together.

use proptest::prelude::*;
use scraper::Html;

use super::{
    SANITISER, body, from_markdown, line, reader,
    tests::{inert, seen, turns},
};

#[test]
fn long_bodies_are_cut_and_stay_whole() {
    let letters = |html: &str| seen(html).chars().filter(|letter| !letter.is_whitespace()).count();
    let plain = body(&"word and ".repeat(12_000));
    assert!(plain.cut);
    assert_eq!(letters(&plain.html), 4000);
    inert(&plain.html);
    let list = body(&"<ul><li><b>日本語</b>".repeat(5_000));
    assert!(list.cut);
    inert(&list.html);
    let all = "é".repeat(4000);
    assert_eq!(body(&all).html, format!("<p>{all}</p>"));
    assert!(!body(&all).cut);
    assert!(body(&format!("{all}!")).cut);
    // Cut by what is read, in the middle of a letter and of a tag.
    assert!(body(&format!("<p>a{}", "<a href='ä".repeat(10_000))).cut);
}

/// Each is little to read, and much to do for a parser that does more than one thing per byte.
fn bombs() -> Vec<String> {
    const PIECES: &str = "<div> <b> <p> <ul> <ul><li> <blockquote> <table> <svg> </p> <!-- < > * _ **a *a_ [ ]( [a]( ![ ` ``a ~ # \\ & &# \
                          &lt; | <? <a> <b><p> <![CDATA[ [^a] $ \t \0 \u{301} \u{200b} \u{202e}";
    let blanks = ["<a href=x>", "<b a", "> ", "- ", "1. ", "<!A ", "a\n", "    a\n", "[a]: x\n", "x@y.z <"];
    let repeated = PIECES.split(' ').chain(blanks).map(|piece| piece.repeat(100_000 / piece.len()));
    let formats = numbered(2000, |at| format!("<b a{at}>"));
    let made = [
        format!("<p{}>x", numbered(20_000, |at| format!(" a{at}"))),
        format!("<p>{formats}{}", "<p>x".repeat(20_000)),
        format!("[a]: https://x.example/{}\n\n{}", "b".repeat(1900), "[a] ".repeat(20_000)),
        numbered(10_000, |at| format!("{}a", "`".repeat(at % 100))),
        numbered(200, |at| format!("{}- a\n", "  ".repeat(at))),
    ];
    repeated.chain(made).collect()
}

fn numbered(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

#[test]
fn bombs_go_off_in_vain() {
    for bomb in bombs() {
        let body = body(&bomb);
        let name: String = bomb.chars().take(12).collect();
        inert(&body.html);
        assert!(body.html.len() < 100_000, "{name}: {}", body.html.len());
        let depth = Html::parse_fragment(&body.html).tree.nodes().map(|node| node.ancestors().count()).max();
        assert!(depth < Some(24), "{name}");
    }
}

#[test]
fn quotes_in_quotes_end_somewhere() {
    let quoted = |text: &str| from_markdown(text).matches("<blockquote>").count();
    assert_eq!(quoted(&format!("{}a", "> ".repeat(5000))), 64);
    assert_eq!(quoted(&"> a\n\nb\n\n".repeat(100)), 100);
}

fn pieces() -> impl Strategy<Value = String> {
    const PIECES: &str = "<p> </p> <br> <a_href=javascript:x> </a> <ul> </ul> <ol_start=7> </ol> <li> </li> <b> </b> <i> </i> <em> <strong> \
                          <code> </code> <pre> </pre> <blockquote> </blockquote> <div> </div> <table> <tr> <td> </table> <h1> </h1> <svg> \
                          </svg> <math> <mtext> <style> </style> <script> </script> <noscript> <template> <select> <option> <!-- --> \
                          <![CDATA[ ]]> <iframe> <textarea> </textarea> <title> <foreignObject> <form> <plaintext> <frameset> <body> \
                          <html> <a = &lt; &amp; &#x202e; &nbsp; &#13; &#10; a b é < > \" ' ` * ** [ ]( ) ! #_ >_ -_ 1._ ____ _";
    let others = [
        "<a href=\"https://x.example/?a&b='\">",
        "<a href='mailto:x y?'>",
        "<a href='https://ä.example/ \u{202e}#\"<'>",
        "<img src=x onerror=y alt='<b>'>",
        "[a]: https://x.example\n",
        "---\n",
        "\n",
        "\n\n",
        "\t",
        "\r",
        "\u{c}",
        "\0",
        "_",
        "\u{301}",
        "\u{301}\u{301}\u{301}\u{301}\u{301}",
        "\u{202e}",
        "\u{200d}",
        "\u{feff}",
    ];
    let pieces = PIECES.split(' ').map(|piece| piece.replace('_', " ")).chain(others.map(str::to_owned));
    prop::collection::vec(prop::sample::select(pieces.collect::<Vec<_>>()), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_but_what_is_allowed_comes_out(text in prop_oneof![4 => pieces(), 1 => any::<String>()]) {
        let once = body(&text);
        inert(&once.html);
        prop_assert_eq!(&body(&once.html).html, &once.html);
        let title = line(&text);
        prop_assert!(!title.contains(turns) && !title.contains('\n'));
        prop_assert_eq!(line(&title), title);
    }

    /// Two readers that know nothing of each other agree.
    #[test]
    fn the_sanitiser_finds_nothing_to_take_out(text in pieces()) {
        let shaped = reader::read(&text);
        let cleaned = SANITISER.clean(&shaped.html).to_string();
        prop_assert_eq!(cleaned.replace(" rel=\"nofollow noopener noreferrer ugc\"", ""), shaped.html);
    }
}
