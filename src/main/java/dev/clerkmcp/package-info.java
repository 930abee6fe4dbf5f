/**
 * Clerk's Backend API as an MCP server: where configuration, tools and transport are wired
 * together.
 */
@NullMarked
package dev.clerkmcp;

import org.jspecify.annotations.NullMarked;
