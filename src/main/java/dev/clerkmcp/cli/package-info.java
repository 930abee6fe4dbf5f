/** Commands for people: the same tools without a host. Loaded only when there are arguments. */
@NullMarked
package dev.clerkmcp.cli;

import org.jspecify.annotations.NullMarked;
