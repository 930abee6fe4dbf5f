/** Finds the users and organizations that a caller names by anything but their IDs. */
@NullMarked
package dev.clerkmcp.reference;

import org.jspecify.annotations.NullMarked;
