//! Persistent types, and what files define for others.

use crate::extract::code::snapshot::check;

#[test]
fn jpa_stores() {
    check(
        "src/B.java",
        r##"
        import jakarta.persistence.*;
        @Entity @Table(name = "t_orders", schema = "s") public class Order extends Base<Long> {
            private static final long serialVersionUID = 1L;
            @Id @GeneratedValue(strategy = X) private Long id;
            @Column(name = "n", nullable = false) String name;
            @OneToMany(mappedBy = "o") private Map<String, List<Line>> lines = new HashMap<>();
            @Transient private int no;
            transient int neither;
            private int[] numbers = {1, 2};
            public Order() {}
            public Long getId() { return id; }
            enum S { A, B }
            S state;
        }
        @Embeddable class Money { int a; }
        @MappedSuperclass class Base<T> { T id; }
        record View(String a) {}
        "##,
        "
        3 entity Order table t_orders (id, name, lines, numbers, state)
        ",
    );
}

#[test]
fn jpa_stores_in_kotlin() {
    check(
        "src/K.kt",
        r##"
        import jakarta.persistence.*
        @Entity
        @Table(name = "users")
        data class User(
            @Id @GeneratedValue val id: Long? = null,
            @field:NotNull @Column(name = "n") var name: String = "x", other: String,
        ) : Base() {
            @OneToMany(mappedBy = "u")
            lateinit var posts: MutableList<Post>
            val full: String
                get() = "a"
            fun x() { val no = 1 }
        }
        @Entity class Bare(@Id val id: Long)
        data class Dto(val a: Int)
        "##,
        "
        5 entity User table users (id, name, posts)
        15 entity Bare (id)
        ",
    );
}

#[test]
fn other_entities_are_none() {
    check(
        "src/B.java",
        r##"
        import androidx.room.*;
        @Entity(tableName = "x") class Room { int id; }
        @Document class Text {}
        "##,
        "

        ",
    );
}

#[test]
fn spring_data_stores() {
    check(
        "src/B.java",
        r##"
        import org.springframework.data.mongodb.core.mapping.Document;
        @Document(collection = "things") class Thing { @Id String id; }
        @Document("t2") class Second {}
        @Document class Third {}
        @RedisHash("r") class Hash {}
        @Table("j") class Relation {}
        class Plain { @Id String id; }
        "##,
        "
        3 entity Thing table things (id)
        4 entity Second table t2 ()
        5 entity Third ()
        6 entity Hash table r ()
        7 entity Relation table j ()
        ",
    );
}

#[test]
fn mongodb_stores_what_it_is_asked_for() {
    check(
        "src/B.java",
        r##"
        class B {
            MongoCollection<Product> c() { return client.getDatabase("d").getCollection("product", Product.class); }
            MongoCollection<Document> d() { return db.getCollection("raw"); }
        }
        "##,
        "
        3 entity Product table product ()
        ",
    );
}

#[test]
fn mybatis_stores() {
    check(
        "src/B.java",
        r##"
        import com.baomidou.mybatisplus.annotation.*;
        @TableName("mp_user") class U { @TableId private Long id; String n; }
        "##,
        "
        3 entity U table mp_user (id, n)
        ",
    );
}

#[test]
fn exposed_stores() {
    check(
        "src/K.kt",
        r##"
        import org.jetbrains.exposed.dao.id.IntIdTable
        object Users : IntIdTable("users_t") { val name = varchar("name", 50); val age: Column<Int> = integer("age"); const val X = 1 }
        object Rel : Table() { val a = reference("a", Users); override val primaryKey = PrimaryKey(a) }
        object Cache : LruCache() { val a = b() }
        class UserEntity(id: EntityID<Int>) : IntEntity(id)
        "##,
        "
        3 entity Users table users_t (name, age)
        4 entity Rel table Rel (a)
        ",
    );
}

#[test]
fn constants_and_the_entry_are_defined() {
    check(
        "src/De.java",
        r##"
        package com.acme;
        import static com.acme.Other.*;
        public class De {
            public static final String PATH = "/x";
            static final String sub = PATH + "/y";
            private static final String label = "hello";
            static final String NAME = "hello";
            static final String E = System.getenv("E");
            String T = "no";
            static final int N = 5;
            static final String FAR = BASE + "/far";
            static class In { static final String DEEP = "a.b"; }
            enum K { ONE("one"), TWO("two"); K(String s) {} }
            public static void main(String[] args) { new SpringApplicationBuilder(De.class).run(args); }
        }
        interface C { String Q = "queue-name"; }
        "##,
        "
        9 address env(E) as E
        package com.acme
        5 constant De.PATH = /x
        6 constant De.sub = /x/y
        8 constant De.NAME = hello
        9 constant De.E = env(E)
        12 constant De.FAR = <com/acme/Other#Other.BASE>+/far
        13 constant De.In.DEEP = a.b
        14 constant De.K.ONE = one
        14 constant De.K.TWO = two
        17 constant C.Q = queue-name
        15 entry spring-boot
        ",
    );
}
