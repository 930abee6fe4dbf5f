/**
 * Stores the objects of the sandbox's instance in tables, with transactions, a clock and a file.
 */
@NullMarked
package dev.clerkmcp.sandbox.store;

import org.jspecify.annotations.NullMarked;
