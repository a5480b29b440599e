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
        "alias
        ",
    );
}
