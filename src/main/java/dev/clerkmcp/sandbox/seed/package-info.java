/** The world that a new sandbox begins with: made up, believable, the same for the same seed. */
@NullMarked
package dev.clerkmcp.sandbox.seed;

import org.jspecify.annotations.NullMarked;
