//! What comes out of hostile text, seen through a whole HTML parser.

use scraper::{Html, Node};

use super::{SCHEMES, TAGS, body, line};

fn html(text: &str) -> String {
    let body = body(text);
    assert!(!body.cut, "{text}");
    inert(&body.html);
    body.html
}

/// Asserts that a parser finds nothing in it but what is allowed, and builds just what is written.
pub(super) fn inert(html: &str) {
    let parsed = Html::parse_fragment(html);
    assert_eq!(parsed.root_element().inner_html(), html);
    for node in parsed.root_element().descendants().skip(1) {
        match node.value() {
            Node::Text(text) => assert!(!text.contains(turns), "{html:?}"),
            Node::Element(element) => {
                let name = element.name();
                assert!(TAGS.contains(&name), "{name} in {html:?}");
                for (attribute, value) in element.attrs() {
                    match (name, attribute) {
                        ("a", "rel") => assert_eq!(value, "nofollow noopener noreferrer ugc"),
                        ("a", "href") => {
                            let scheme = url::Url::parse(value).unwrap().scheme().to_owned();
                            assert!(SCHEMES.contains(&scheme.as_str()), "{html:?}");
                        }
                        ("ol", "start") => assert!(value.parse::<u32>().is_ok(), "{html:?}"),
                        _ => panic!("{attribute} of {name} in {html:?}"),
                    }
                }
            }
            other => panic!("{other:?} in {html:?}"),
        }
    }
}

/// Turns the text around, or controls what is no longer there.
pub(super) fn turns(character: char) -> bool {
    let bidi =
        matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    bidi || (character.is_control() && character != '\n')
}

/// What a reader sees.
pub(super) fn seen(html: &str) -> String {
    Html::parse_fragment(html).root_element().text().collect()
}

#[test]
fn plain_text_keeps_its_lines_and_paragraphs() {
    assert_eq!(
        html("We are looking into it.\nMore at 10:00 UTC.\n\nSorry & thanks."),
        "<p>We are looking into it.<br>More at 10:00 UTC.</p><p>Sorry &amp; thanks.</p>"
    );
    assert_eq!(html("We&#39;re back, 1 < 2"), "<p>We're back, 1 &lt; 2</p>");
    assert_eq!(html(""), "");
    assert_eq!(html(" \n "), "");
}

#[test]
fn markdown_is_shaped() {
    assert_eq!(
        html("## Impact\n**EU** is _down_, see [the log](https://x.example/log?a=1&b=2).\n\n- one\n- `two`\n\n> said"),
        "<p><strong>Impact</strong></p><p><strong>EU</strong> is <em>down</em>, see \
         <a href=\"https://x.example/log?a=1&amp;b=2\" rel=\"nofollow noopener noreferrer ugc\">the log</a>.</p>\
         <ul><li>one</li><li><code>two</code></li></ul><blockquote><p>said</p></blockquote>"
    );
    assert_eq!(html("```\nlet a;\n  b\n```"), "<pre><code>let a;\n  b</code></pre>");
    assert_eq!(html("3. three\n4. four"), "<ol start=\"3\"><li>three</li><li>four</li></ol>");
    assert_eq!(html("![a *red* bar](https://x.example/a.png)"), "<p>a red bar</p>");
    assert_eq!(html("Use <b>this</b>\nand `<div>`"), "<p>Use <b>this</b><br>and <code>&lt;div&gt;</code></p>");
}

#[test]
fn what_is_no_tag_of_html_is_text() {
    assert_eq!(html("Vec<String> for <your-name>"), "<p>Vec&lt;String&gt; for &lt;your-name&gt;</p>");
    assert_eq!(html("<redacted>\nis down"), "<p>&lt;redacted&gt; is down</p>");
    assert_eq!(html("<p>a <x-b onclick=c>b</x-b>"), "<p>a b</p>");
}

#[test]
fn html_is_shaped() {
    assert_eq!(
        html("<div style='color:red'>One<br/>\n two<div>three</div></div><h2 id=a>Four</h2>five"),
        "<p>One<br>two</p><p>three</p><p><strong>Four</strong></p><p>five</p>"
    );
    assert_eq!(
        html("<ul><li>a<p>b</p><ul><li>c</ul></li><li></li></ul>"),
        "<ul><li>a<p>b</p><ul><li>c</li></ul></li></ul>"
    );
    assert_eq!(
        html("<table><tr><th>Region</th><th>State</th></tr><tr><td>EU</td> <td>down</td></tr></table>"),
        "<p>Region · State<br>EU · down</p>"
    );
    assert_eq!(html("<p>a <b> c </b>d</p>"), "<p>a <b>c</b> d</p>");
    assert_eq!(html("<pre>\n\n a\n  <b>b</b>\n</pre>"), "<pre> a<b>\n  b</b></pre>");
    assert_eq!(html("<p>a</p><br><br><br><p>b<br><br><br><br>c</p>"), "<p>a</p><p>b<br><br>c</p>");
}

#[test]
fn what_is_not_closed_or_closed_twice_ends_in_order() {
    assert_eq!(html("<p><b>a<i>b</b>c</i>"), "<p><b>a<i>b</i></b>c</p>");
    assert_eq!(html("</p></ul></div>a</li><li>b<li>c"), "<p>a</p><ul><li>b</li><li>c</li></ul>");
    assert_eq!(html("<ul>a<ul>b</ul></ul>c"), "<ul><li>a<ul><li>b</li></ul></li></ul><p>c</p>");
    assert_eq!(html("<p>a <a href='https://x.example"), "<p>a</p>");
    assert_eq!(html("<p>a<!-- b"), "<p>a</p>");
}

#[test]
fn links_lead_to_the_web_or_to_mail() {
    let rel = "rel=\"nofollow noopener noreferrer ugc\"";
    assert_eq!(
        html("<p><a href='HTTPS://Ex%61mple.com/ä\"\u{202e}x' target=_blank onclick=x class=y>a</a>"),
        format!("<p><a href=\"https://example.com/%C3%A4%22%E2%80%AEx\" {rel}>a</a></p>")
    );
    assert_eq!(
        html("<mailto:help@x.example>"),
        format!("<p><a href=\"mailto:help@x.example\" {rel}>mailto:help@x.example</a></p>")
    );
    let dead = [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#x73;cript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "&#1;javascript:alert(1)",
        " javascript:alert(1)",
        "javascript&colon;alert(1)",
        "java&NewLine;script:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "/relative",
        "relative",
        "#here",
        "?a",
        "",
        "//x.example/a",
        "file:///etc",
        "blob:x",
        "https://",
        "http:///",
        "https://[::x",
        "ftp://x.example",
        "view-source:https://x.example",
        "javascript://x.example/%0aalert(1)",
    ];
    for href in dead {
        assert_eq!(html(&format!("<p>a <a href=\"{href}\">b</a>")), "<p>a b</p>", "{href}");
    }
    for text in [
        "[b](javascript:alert(1))",
        "[b](java&#115;cript:alert(1))",
        "[b][c]\n\n[c]: javascript:alert(1)",
        "[b](/c)",
        "[b](data:x)",
    ] {
        assert_eq!(html(text), "<p>b</p>", "{text}");
    }
    assert_eq!(html("<javascript:alert(1)>"), "<p>javascript:alert(1)</p>");
    assert_eq!(html(&format!("[a](https://x.example/{})", "b".repeat(3000))), "<p>a</p>");
}

#[test]
fn what_runs_or_loads_is_gone() {
    let hostile = [
        ("<script>alert(1)</script>", ""),
        ("<p><SCRIPT src=//x>alert(1)</SCRIPT >", ""),
        ("a <script>alert(1)</script> b", "a b"),
        ("<p><scr<script>ipt>alert(1)</script>", "ipt>alert(1)"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<p><img src=x onerror=alert(1) alt='<script>'>", "<script>"),
        ("<svg onload=alert(1)><p>", ""),
        ("<p><svg><style><img src=x onerror=alert(1)></style></svg>", ""),
        ("<p><svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">", "\">"),
        ("<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">", ""),
        ("<p><noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", ""),
        ("<p><math><annotation-xml encoding=text/html><p>x", "x"),
        ("<iframe srcdoc='<script>alert(1)</script>'></iframe><p>x", "x"),
        ("<base href=//evil><p><meta http-equiv=refresh content=0><link rel=stylesheet href=//x>x", "x"),
        ("<style>*{display:none}</style><p style='position:fixed' class=a id=b>x", "x"),
        ("<template><p><script>alert(1)</script></template>x", "x"),
        ("<form action=//evil><p><input value=1><button>x</button></form>", "x"),
        ("<p><textarea></textarea><title></title><select><option>a<option>b</select>", "ab"),
        ("<p><object data=x></object><embed src=x><video src=x autoplay></video><audio src=x>x", "x"),
        ("<![CDATA[<script>alert(1)</script>]]><p>x", "alert(1)]]>x"),
        ("<!--><script>alert(1)</script>--><p>x", "-->x"),
        ("<!-- <p> --!><img src=x onerror=alert(1)><p>x", "x"),
        ("<?xml <p>?>x", "?>x"),
        ("<p><plaintext><b>x", "x"),
        ("<p><xmp><script>alert(1)</script></xmp>x", "x"),
        ("<p/onclick=alert(1)>x", "x"),
        ("<p\u{c}onclick=alert(1)>x", "x"),
        ("<p>&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("<p>&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("![x](javascript:alert(1))", "x"),
        ("![x](x \"onerror=alert(1)\")", "x"),
        ("`<script>`", "<script>"),
        ("<details open ontoggle=alert(1)>x", "x"),
        ("<p>a<b onmouseover=alert(1)>b</b><marquee onstart=alert(1)>c</marquee>", "abc"),
    ];
    for (text, expected) in hostile {
        assert_eq!(seen(&html(text)), expected, "{text}");
    }
}

#[test]
fn what_turns_text_around_is_gone_however_it_is_written() {
    assert_eq!(html("safe\u{202e}exe.txt"), "<p>safeexe.txt</p>");
    assert_eq!(html("safe&#x202E;exe&#8294;.txt&zwj;"), "<p>safeexe.txt\u{200d}</p>");
    assert_eq!(html("<p>a&#0;&#1;&#x9b;b&#13;c"), "<p>a\u{fffd}\u{203a}b c</p>");
    assert_eq!(html("<p dir=rtl>العربية"), "<p>العربية</p>");
    let pile = "\u{301}".repeat(100);
    assert_eq!(html(&format!("a{pile}*b*{pile}")).matches('\u{301}').count(), 8);
}

#[test]
fn a_line_is_one_line_of_text() {
    assert_eq!(
        line("  API\r\n\tdown \u{202e}for\u{0}\u{7} <b>EU</b> &amp; US\u{2028}"),
        "API down for <b>EU</b> &amp; US"
    );
    assert_eq!(line(&format!("a{}", "\u{301}".repeat(50))), format!("a{}", "\u{301}".repeat(4)));
    assert_eq!(line(&"ab ".repeat(1000)).chars().count(), 300);
    assert!(line(&"é".repeat(301)).ends_with("é…"));
    assert_eq!(line(&"é".repeat(300)), "é".repeat(300));
    assert_eq!(line("\u{200b}\u{2066} \n"), "");
}
