package dev.clerkmcp.registry.argument;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The arguments that record {@code R} declares, as the caller gave them: what is absent, what is
 * null and what has a value stay three different things. For updates, where null clears.
 */
@SuppressWarnings("UnusedTypeParameter") // Signature reads the record from the declared type
public record PartialUpdate<R>(ObjectNode json) {}
