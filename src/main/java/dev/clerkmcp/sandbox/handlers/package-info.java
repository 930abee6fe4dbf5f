/** Handles Clerk's operations, in one package for each group of Clerk's objects. */
@NullMarked
package dev.clerkmcp.sandbox.handlers;

import org.jspecify.annotations.NullMarked;
