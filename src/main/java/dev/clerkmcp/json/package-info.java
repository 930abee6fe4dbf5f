/** Reads and writes JSON exactly, for all other packages. */
@NullMarked
package dev.clerkmcp.json;

import org.jspecify.annotations.NullMarked;
