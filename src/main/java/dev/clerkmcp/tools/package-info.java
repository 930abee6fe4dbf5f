/**
 * Declares Clerk's endpoints as tools: one interface for each resource group, and beside it the
 * composed tools that complete a single endpoint.
 */
@NullMarked
package dev.clerkmcp.tools;

import org.jspecify.annotations.NullMarked;
