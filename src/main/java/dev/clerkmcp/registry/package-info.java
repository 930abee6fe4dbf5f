/**
 * Turns annotated methods into tools: definitions, argument checking and the one path every call
 * takes. Knows neither MCP nor HTTP.
 */
@NullMarked
package dev.clerkmcp.registry;

import org.jspecify.annotations.NullMarked;
