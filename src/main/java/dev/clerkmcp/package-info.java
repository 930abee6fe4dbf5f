/**
 * Clerk's Backend API as an MCP server. {@link dev.clerkmcp.Main} starts it; {@link
 * dev.clerkmcp.Setting} lists what can be set.
 */
@NullMarked
package dev.clerkmcp;

import org.jspecify.annotations.NullMarked;
