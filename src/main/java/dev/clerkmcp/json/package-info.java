/**
 * JSON as it was sent: exact numbers, strict UTF-8. The floor that every other package may stand
 * on.
 */
@NullMarked
package dev.clerkmcp.json;

import org.jspecify.annotations.NullMarked;
