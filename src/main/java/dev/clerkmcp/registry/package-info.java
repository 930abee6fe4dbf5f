/**
 * Turns annotated methods into tools: definitions, arguments, and the chain of interceptors that
 * every call passes. Knows neither MCP's messages nor HTTP; what a client reads of a tool or a
 * result has MCP's form.
 */
@NullMarked
package dev.clerkmcp.registry;

import org.jspecify.annotations.NullMarked;
