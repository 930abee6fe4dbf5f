/** Finds the users and organizations that a caller refers to by other texts than their IDs. */
@NullMarked
package dev.clerkmcp.reference;

import org.jspecify.annotations.NullMarked;
