/** References: whom a caller means who does not know an ID. */
@NullMarked
package dev.clerkmcp.reference;

import org.jspecify.annotations.NullMarked;
