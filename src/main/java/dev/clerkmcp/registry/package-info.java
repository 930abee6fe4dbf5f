/**
 * Turns annotated methods into tools: definitions, arguments, and the chain of interceptors that
 * every call passes. Knows neither MCP nor HTTP.
 */
@NullMarked
package dev.clerkmcp.registry;

import org.jspecify.annotations.NullMarked;
