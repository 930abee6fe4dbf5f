/**
 * Describes a tool's arguments as JSON Schema and converts them between JSON and Java: {@link
 * dev.clerkmcp.registry.argument.MethodArguments} reads them from a method's parameters.
 */
@NullMarked
package dev.clerkmcp.registry.argument;

import org.jspecify.annotations.NullMarked;
