/** The rails: what stands between a caller and a change that nobody meant. */
@NullMarked
package dev.clerkmcp.guard;

import org.jspecify.annotations.NullMarked;
