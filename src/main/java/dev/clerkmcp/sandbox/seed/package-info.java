/** Fills a new sandbox with made-up objects; the same seed gives the same objects. */
@NullMarked
package dev.clerkmcp.sandbox.seed;

import org.jspecify.annotations.NullMarked;
