/**
 * Finds tools by a query in plain words: {@link dev.clerkmcp.registry.search.ToolDiscoveryTools}
 * has the tools that search and run other tools.
 */
@NullMarked
package dev.clerkmcp.registry.search;

import org.jspecify.annotations.NullMarked;
