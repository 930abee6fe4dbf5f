/** The made-up objects of a new sandbox; the same seed gives the same objects. */
@NullMarked
package dev.clerkmcp.sandbox.seed;

import org.jspecify.annotations.NullMarked;
