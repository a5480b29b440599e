//! Program code: lines, and what its tokens tell.
