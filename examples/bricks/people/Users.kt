class Users {
    private val names = mutableSetOf<String>()

    fun add(name: String): Boolean {
        val added = names.add(name)
        if (added) Letters.send(name, "welcome")
        return added
    }
}

object Letters {
    fun send(to: String, text: String) = println("$to: $text")
}
