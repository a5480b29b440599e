//! Ruby: `Gemfile` and gemspecs.
//!
//! What serves is told by code and by the gems; a gemspec makes a library. Gems whose names are computed are left out.

use std::ops::Range;

use super::{add, below, folder, group_scope, is_named, library, module, push, text};
use crate::discover::Kind;
use crate::extract::code::Code;
use crate::extract::code::tokens::TokenKind;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{BuildModule, BuildTool, LibraryScope, Product};

/// Both are files of Ruby code, which are opened for their lines.
pub const EXTRACTOR: Extractor =
    Extractor { name: "bundler", wants: |_, _| false, applies: |input| is_ours(input.kind, input.path), extract };

fn is_ours(kind: Kind, path: &str) -> bool {
    is_named(kind, path, "Gemfile") || is_named(kind, path, "gems.rb") || super::ends_with(kind, path, ".gemspec")
}

fn extract(input: &Input, output: &mut Output) {
    let Some(language) = input.kind.language else { return };
    let code = input.code(language);
    let mut found = module(BuildTool::Bundler);
    if input.path.ends_with(".gemspec") {
        gemspec(input, code, &mut found);
    } else {
        gemfile(input, code, &mut found);
    }
    push(found, output);
}

fn quoted<'t>(code: &Code<'t>, index: usize) -> Option<&'t str> {
    let text = (code.kind(index)? == TokenKind::Literal).then(|| code.text_of(index).trim_matches(['"', '\'']))?;
    (!text.is_empty() && !text.contains("#{")).then_some(text)
}

fn arguments_of(code: &Code, name: usize) -> Vec<Range<usize>> {
    if code.is(name + 1, "(") { code.arguments(name + 1) } else { code.line_arguments(name) }
}

fn gemfile(input: &Input, code: &Code, found: &mut BuildModule) {
    let here = folder(input.path);
    // Blocks of groups that are open: where they end, and their scope.
    let mut groups: Vec<(usize, LibraryScope)> = Vec::new();
    for at in 0..code.len() {
        while groups.last().is_some_and(|(end, _)| *end <= at) {
            groups.pop();
        }
        if !code.begins_line(at) {
            continue;
        }
        match code.word(at) {
            Some("group") => {
                let arguments = arguments_of(code, at);
                let last = arguments.last().map_or(at + 1, |last| last.end);
                let open = (last..code.len().min(last + 2)).find(|&at| code.is(at, "do"));
                if let Some(open) = open {
                    groups.push((code.partner(open), scope_of(code, &arguments)));
                }
            }
            Some("gem") => {
                let arguments = arguments_of(code, at);
                let Some(name) = arguments.first().and_then(|first| quoted(code, first.start)) else { continue };
                let own = code.named(&arguments, "group").or_else(|| code.named(&arguments, "groups"));
                let around = groups.last().map(|(_, scope)| *scope);
                let scope = own.map(|range| scope_of(code, &[range])).or(around).unwrap_or_default();
                let path = code.named(&arguments, "path").and_then(|range| quoted(code, range.start));
                if let Some(used) = path.and_then(|path| below(here, path)) {
                    add(&mut found.uses, used);
                }
                found.libraries.push(library(name, input.place_of(name), scope));
            }
            _ => {}
        }
    }
}

/// Of several groups (`:development, :test`) the one that is nearest to the program.
fn scope_of(code: &Code, arguments: &[Range<usize>]) -> LibraryScope {
    let words = arguments.iter().take(20).flat_map(|range| range.clone().take(40));
    let names = words.filter_map(|at| code.word(at).or_else(|| quoted(code, at)));
    names.map(|name| group_scope(name).unwrap_or_default()).min().unwrap_or_default()
}

fn gemspec(input: &Input, code: &Code, found: &mut BuildModule) {
    found.product = Product::Library;
    for at in 2..code.len() {
        if !code.is(at - 1, ".") {
            continue;
        }
        match code.word(at) {
            Some("name") if code.is(at + 1, "=") && found.name.is_none() => {
                found.name = quoted(code, at + 2).map(|name| text(input, name));
            }
            Some(word @ ("add_dependency" | "add_runtime_dependency" | "add_development_dependency")) => {
                let name = arguments_of(code, at).first().and_then(|first| quoted(code, first.start));
                let scope = if word == "add_development_dependency" { LibraryScope::Development } else { LibraryScope::Runtime };
                found.libraries.extend(name.map(|name| library(name, input.place_of(name), scope)));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::build::snapshot::check;

    #[test]
    fn gems_stand_in_groups() {
        check(
            "api/Gemfile",
            "source 'https://rubygems.org'
             gem 'rails', '~> 7.0'
             gem \"pg\"
             gem 'common', path: '../common'
             gem 'rubocop', group: :development
             gem 'byebug', groups: [:development, :test]
             gem \"#{x}\"
             # gem 'not'
             group :test do
               gem 'rspec-rails', require: false
             end
             group :development, :test do
               gem 'pry'
             end
             group :production do
               gem 'redis'
             end
             gem('puma')",
            "bundler - unknown
             uses common
             2 rails
             3 pg
             4 common
             5 rubocop development
             6 byebug development
             10 rspec-rails test
             13 pry development
             16 redis
             18 puma",
        );
    }

    #[test]
    fn a_gemspec_makes_a_library() {
        check(
            "common/common.gemspec",
            "Gem::Specification.new do |spec|
               spec.name = 'common'
               spec.add_dependency 'rack', '>= 2'
               spec.add_development_dependency('rspec')
             end",
            "bundler common library\n3 rack\n4 rspec development",
        );
    }
}
