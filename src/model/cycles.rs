//! Services that call each other in a circle.
//!
//! The strongly connected components of what is called and waited for (Tarjan 1972), each with its shortest circle and the call that is
//! cheapest to cut: the one with the fewest call sites.

use std::collections::VecDeque;

use super::{Kind, Model};

/// Services of which each reaches each.
#[derive(Debug, PartialEq)]
pub struct Cycle {
    /// Those of the shortest circle in its order, then the others.
    pub members: Vec<u32>,
    /// Rows of [`Model::dependencies`]: the shortest circle, hop by hop.
    pub hops: Vec<u32>,
    /// The hop with the fewest call sites; of equal ones the first.
    pub cheapest_cut: u32,
}

/// By caller: callee and dependency, one for each callee.
fn calls(model: &Model) -> Vec<Vec<(u32, u32)>> {
    let mut calls: Vec<Vec<(u32, u32)>> = vec![Vec::new(); model.services.len()];
    let is_infra = |service: u32| model.services[service as usize].kind == Some(Kind::Infra);
    for (dependency, row) in model.dependencies.iter().zip(0..) {
        let known = calls[dependency.from as usize].last().is_some_and(|(to, _)| *to == dependency.to);
        if dependency.kind.is_synchronous() && !known && !is_infra(dependency.from) && !is_infra(dependency.to) {
            calls[dependency.from as usize].push((dependency.to, row));
        }
    }
    calls
}

pub fn cycles(model: &Model) -> Vec<Cycle> {
    let calls = calls(model);
    let mut found: Vec<Cycle> = components(&calls)
        .into_iter()
        .filter(|members| members.len() > 1)
        .filter_map(|members| {
            let hops = shortest_circle(&calls, &members)?;
            let mut order: Vec<u32> = hops.iter().map(|&hop| model.dependencies[hop as usize].from).collect();
            order.extend(members.iter().filter(|member| !order.contains(member)).copied().collect::<Vec<_>>());
            let cost = |hop: &u32| model.dependencies[*hop as usize].sites.len();
            let cheapest_cut = *hops.iter().min_by_key(|hop| cost(hop))?;
            Some(Cycle { members: order, hops, cheapest_cut })
        })
        .collect();
    found.sort_by(|a, b| a.members.cmp(&b.members));
    found
}

/// Strongly connected components, without recursion; members sorted.
pub(super) fn components(calls: &[Vec<(u32, u32)>]) -> Vec<Vec<u32>> {
    const UNSEEN: u32 = u32::MAX;
    let mut index = vec![UNSEEN; calls.len()];
    let mut low = vec![0u32; calls.len()];
    let mut on_stack = vec![false; calls.len()];
    let mut stack: Vec<u32> = Vec::new();
    let mut next = 0;
    let mut found = Vec::new();
    for start in 0..calls.len() {
        if index[start] != UNSEEN {
            continue;
        }
        // A service and how many of its calls are followed.
        let mut work: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((at, followed)) = work.pop() {
            if followed == 0 {
                (index[at], low[at]) = (next, next);
                next += 1;
                stack.push(at as u32);
                on_stack[at] = true;
            }
            if let Some(&(to, _)) = calls[at].get(followed) {
                work.push((at, followed + 1));
                let to = to as usize;
                if index[to] == UNSEEN {
                    work.push((to, 0));
                } else if on_stack[to] {
                    low[at] = low[at].min(index[to]);
                }
                continue;
            }
            if let Some(&(above, _)) = work.last() {
                low[above] = low[above].min(low[at]);
            }
            if low[at] == index[at] {
                let mut members = Vec::new();
                while let Some(member) = stack.pop() {
                    on_stack[member as usize] = false;
                    members.push(member);
                    if member as usize == at {
                        break;
                    }
                }
                members.sort_unstable();
                found.push(members);
            }
        }
    }
    found
}

/// The shortest circle among some services, from its first member on; of equally short ones the first.
fn shortest_circle(calls: &[Vec<(u32, u32)>], members: &[u32]) -> Option<Vec<u32>> {
    /// In larger components the circles of the first so many members are compared.
    const MOST_STARTS: usize = 200;
    let mut best: Option<Vec<u32>> = None;
    for &start in members.iter().take(MOST_STARTS) {
        // By service: the dependency by which it was reached first, and from whom.
        let mut reached: rustc_hash::FxHashMap<u32, (u32, u32)> = rustc_hash::FxHashMap::default();
        let mut waiting = VecDeque::from([start]);
        'search: while let Some(at) = waiting.pop_front() {
            for &(to, dependency) in &calls[at as usize] {
                if members.binary_search(&to).is_err() || reached.contains_key(&to) {
                    continue;
                }
                reached.insert(to, (at, dependency));
                if to == start {
                    break 'search;
                }
                waiting.push_back(to);
            }
        }
        let mut hops = Vec::new();
        let mut at = start;
        while let Some(&(before, dependency)) = reached.get(&at) {
            hops.push(dependency);
            at = before;
            if at == start || hops.len() > members.len() {
                break;
            }
        }
        hops.reverse();
        if !hops.is_empty() && best.as_ref().is_none_or(|best| hops.len() < best.len()) {
            best = Some(hops);
        }
        if best.as_ref().is_some_and(|best| best.len() == 2) {
            break;
        }
    }
    best
}

/// The longest path of calls in each part of the system whose services have nothing to do with the others; circles count as one service.
#[derive(Debug, PartialEq)]
pub struct Chain {
    /// Services from the first caller to the last callee.
    pub services: Vec<u32>,
    /// Rows of [`Model::dependencies`], one fewer than services.
    pub hops: Vec<u32>,
}

pub fn chains(model: &Model) -> Vec<Chain> {
    let calls = calls(model);
    // Tarjan's components come callees first.
    let components = components(&calls);
    let mut component_of = vec![0usize; calls.len()];
    for (index, members) in components.iter().enumerate() {
        members.iter().for_each(|&member| component_of[member as usize] = index);
    }
    // Of each component: the longest path from it, as length and the hop that it begins with.
    let mut longest: Vec<(usize, Option<(u32, u32)>)> = Vec::with_capacity(components.len());
    for (index, members) in components.iter().enumerate() {
        let outside = members.iter().flat_map(|&member| &calls[member as usize]);
        let best = outside
            .filter(|(to, _)| component_of[*to as usize] != index)
            .map(|&(to, dependency)| (longest[component_of[to as usize]].0 + 1, to, dependency))
            .max_by(|a, b| a.0.cmp(&b.0).then(b.2.cmp(&a.2)));
        longest.push(best.map_or((0, None), |(length, to, dependency)| (length, Some((to, dependency)))));
    }
    let parts = parts(&calls);
    let mut best: std::collections::BTreeMap<u32, (usize, usize)> = std::collections::BTreeMap::new();
    for (index, members) in components.iter().enumerate() {
        let entry = best.entry(parts[members[0] as usize]).or_insert((0, index));
        if longest[index].0 > entry.0 {
            *entry = (longest[index].0, index);
        }
    }
    let mut found = Vec::new();
    for (length, start) in best.into_values().filter(|(length, _)| *length > 0) {
        let mut hops = Vec::with_capacity(length);
        let mut at = start;
        while let Some((to, dependency)) = longest[at].1 {
            hops.push(dependency);
            at = component_of[to as usize];
        }
        let mut services: Vec<u32> = hops.iter().map(|&hop| model.dependencies[hop as usize].from).collect();
        services.extend(hops.last().map(|&hop| model.dependencies[hop as usize].to));
        found.push(Chain { services, hops });
    }
    found
}

/// By service: the first service of those that have to do with it, directly or not.
fn parts(calls: &[Vec<(u32, u32)>]) -> Vec<u32> {
    let mut both: Vec<Vec<u32>> = vec![Vec::new(); calls.len()];
    for (from, all) in calls.iter().enumerate() {
        for &(to, _) in all {
            both[from].push(to);
            both[to as usize].push(from as u32);
        }
    }
    let mut part = vec![u32::MAX; calls.len()];
    for start in 0..calls.len() {
        let mut waiting = vec![start];
        while let Some(at) = waiting.pop() {
            if part[at] == u32::MAX {
                part[at] = start as u32;
                waiting.extend(both[at].iter().map(|&to| to as usize));
            }
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(u32, u32)]) -> Vec<Vec<(u32, u32)>> {
        let count = edges.iter().map(|(a, b)| a.max(b) + 1).max().unwrap_or(0);
        let mut calls = vec![Vec::new(); count as usize];
        for (&(from, to), row) in edges.iter().zip(0..) {
            calls[from as usize].push((to, row));
        }
        calls
    }

    #[test]
    fn components_are_what_reaches_each_other() {
        let mut found = components(&graph(&[(0, 1), (1, 2), (2, 0), (2, 3), (4, 3), (3, 4), (5, 0)]));
        found.sort();
        assert_eq!(found, [vec![0, 1, 2], vec![3, 4], vec![5]]);
    }

    #[test]
    fn the_shortest_circle_is_found() {
        let calls = graph(&[(0, 1), (1, 2), (2, 0), (1, 3), (3, 1)]);
        assert_eq!(shortest_circle(&calls, &[0, 1, 2, 3]), Some(vec![3, 4]));
        assert_eq!(shortest_circle(&calls, &[0, 1, 2]), Some(vec![0, 1, 2]));
    }

    #[test]
    fn a_long_row_of_calls_needs_no_stack() {
        let edges: Vec<(u32, u32)> = (0..200_000).map(|at| (at, at + 1)).collect();
        assert_eq!(components(&graph(&edges)).len(), 200_001);
    }
}
