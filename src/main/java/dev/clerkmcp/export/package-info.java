/** Writes rows that are too many for an answer into files. */
@NullMarked
package dev.clerkmcp.export;

import org.jspecify.annotations.NullMarked;
