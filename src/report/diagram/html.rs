//! One page that needs nothing else: the map, the findings, and what draws them.

use std::io::{self, Write};

use serde::Serialize;

use super::is_open;
use crate::evaluate::finding::Report;
use crate::model::map::Map;

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const LAYOUT: &str = include_str!("page/layout.js");
const SCRIPT: &str = include_str!("page/page.js");

/// What the page draws.
#[derive(Serialize)]
struct Data<'d> {
    map: &'d Map,
    findings: Vec<Painted<'d>>,
}

/// A finding as the page shows it.
#[derive(Serialize)]
struct Painted<'d> {
    rule: &'d str,
    level: &'static str,
    message: &'d str,
    services: &'d [std::sync::Arc<str>],
    path: &'d str,
    line: u32,
}

pub(super) fn write(map: &Map, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let findings = report.findings.iter().filter(|finding| is_open(finding)).map(|finding| Painted {
        rule: &finding.rule,
        level: finding.level.name(),
        message: &finding.message,
        services: &finding.services,
        path: &finding.place.path,
        line: finding.place.at.line,
    });
    let data = Data { map, findings: findings.collect() };
    // Nothing in the data may end the element that holds it, or begin a comment in it.
    let json =
        serde_json::to_string(&data)?.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    let mut rest = PAGE;
    for (mark, text) in [("/*STYLE*/", STYLE), ("/*DATA*/", &*json), ("/*LAYOUT*/", LAYOUT), ("/*SCRIPT*/", SCRIPT)] {
        let (before, after) = rest.split_once(mark).expect("the page has each mark once, in this order");
        out.write_all(before.as_bytes())?;
        out.write_all(text.as_bytes())?;
        rest = after;
    }
    out.write_all(rest.as_bytes())
}
