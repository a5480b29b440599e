//! What is read of routers of JavaScript, as text in and text out.

use crate::extract::code::snapshot::check;

#[test]
fn routes_of_an_application_and_its_routers() {
    check(
        "src/app.js",
        "const express = require('express');
        const users = require('./routes/users');
        const { router: orders } = require('./routes/orders');
        const app = express();
        app.use(express.json());
        app.use('/users', users);
        app.use('/orders', [auth, requireAuth()], orders);
        app.use(require('./metrics'));
        app.get('/', (req, res) => res.send('ok'));
        app.get('env');
        app.set('view engine', 'pug');
        app.listen(process.env.PORT || 3000);",
        "9 GET / in #app
        6 mount src/routes/users#default in #app at /users
        7 mount src/routes/orders#router in #app at /orders
        8 mount src/metrics#default in #app at
        application #app
        12 entry express",
    );
}

#[test]
fn routers_are_exported_chained_and_given_to_functions() {
    check(
        "src/routes/users.ts",
        "import { Router } from 'express';
        import { list } from '../handlers';
        const router = Router();
        router.get('/', list).post('/', create);
        router.route('/:id').get(show).delete(remove);
        export default router;",
        "4 GET / in #router
        4 POST / in #router
        5 GET /{id} in #router
        5 DELETE /{id} in #router
        alias default = #router",
    );
    check(
        "src/routes.js",
        "module.exports = function (app, db) {
            app.get('/things/:id', (req, res) => res.json({}));
            app.post('/things', (req, res) => res.json({}));
        };",
        "2 GET /things/{id} in #default(0)
        3 POST /things in #default(0)",
    );
}

#[test]
fn clients_and_caches_are_no_routers() {
    check(
        "src/client.js",
        "const axios = require('axios');
        const cache = new Map();
        async function get() { await axios.get('/users'); cache.get('/users'); return app.get('title'); }",
        "3 call http GET /users unlimited (axios)",
    );
}
