#!/usr/bin/env kotlin
/* A comment /* that nests "*/ and goes on. */
package sample

class Sample(private val names: Map<String, String>) {
    val plain = "it's $name and \$literal // no comment"
    val nested = "a ${names["b"] ?: "c ${names["d"]} e"} f" // "g"
    val raw = """
        "quoted" ${names["h"]} \ // no comment
    """.trimIndent()
    val more = """ends with quotes"""" + "x"
    val quote = '"'
    val backslash = '\\'
    fun `it's a name (with "quotes")`() = listOf(1).map { it / 2 }
}
