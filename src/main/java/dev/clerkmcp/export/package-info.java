/** Writes lists that are too long for an answer into files. */
@NullMarked
package dev.clerkmcp.export;

import org.jspecify.annotations.NullMarked;
